"""The catalog's part of the platform API: products, variants and the shelves they stand on."""

from ninja import Router

from catalog.api import exports, media, products, shelves, variants

router = Router(tags=["Catalog"])
router.add_router("", products.router)
router.add_router("", variants.router)
router.add_router("", shelves.router)
router.add_router("", media.router)
router.add_router("", exports.router)

__all__ = ["router"]
