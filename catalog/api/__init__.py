"""The catalog's part of the platform API: products, variants, their stock, and shelves."""

from ninja import Router

from catalog.api import exports, history, media, products, shelves, stock, variants

router = Router(tags=["Catalog"])
router.add_router("", products.router)
# Before the variants: what ends in /stock or /history is taken for the end of a SKU there.
router.add_router("", stock.router)
router.add_router("", history.router)
router.add_router("", variants.router)
router.add_router("", shelves.router)
router.add_router("", media.router)
router.add_router("", exports.router)

__all__ = ["router"]
