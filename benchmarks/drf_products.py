"""The list of products as Django REST framework would serve it: serializers over instances.

At its best: everything is prefetched, and the structure of an account is loaded once a request.
Same rows, same answer.
"""

from functools import cached_property
from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework import authentication, generics, pagination, renderers, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken
from accounts.tokens import find_token
from bulk_sql.numbers import plain_decimal
from catalog.api.documents import money
from catalog.models import MediaLink, Product, ProductCollection, ProductTag, Variant
from catalog.reading.media import MediaItem
from catalog.reading.structure import AttributeValue, Structure
from platform_api.envelope import timestamp


class _Money(serializers.Field):  # type: ignore[misc]
    def to_representation(self, value: Any) -> str | None:
        return money(plain_decimal(value))


class _Measure(serializers.Field):  # type: ignore[misc]
    def to_representation(self, value: Any) -> str | None:
        return plain_decimal(value)


class _Text(serializers.Field):  # type: ignore[misc]
    def to_representation(self, value: str) -> str | None:
        return value or None


class _Moment(serializers.Field):  # type: ignore[misc]
    def to_representation(self, value: Any) -> str | None:
        return timestamp(value)


class _MediaSerializer(serializers.ModelSerializer):  # type: ignore[misc]
    source_url = serializers.CharField(source="asset.url")
    url = serializers.ReadOnlyField(default=None)
    state = serializers.CharField(source="asset.state")

    class Meta:
        model = MediaLink
        fields = ("source_url", "url", "state")


class _VariantSerializer(serializers.ModelSerializer):  # type: ignore[misc]
    ean = _Text()
    display_name = _Text()
    description = _Text()
    price = _Money()
    list_price = _Money()
    currency = serializers.SerializerMethodField()
    length_mm = _Measure()
    width_mm = _Measure()
    height_mm = _Measure()
    weight_g = _Measure()
    tax_number = _Text()
    tax_rate = _Text()
    attributes = serializers.SerializerMethodField()

    class Meta:
        model = Variant
        fields = (
            "sku",
            "ean",
            "display_name",
            "description",
            "price",
            "list_price",
            "currency",
            "length_mm",
            "width_mm",
            "height_mm",
            "weight_g",
            "active",
            "tax_number",
            "tax_rate",
            "attributes",
        )

    def get_currency(self, variant: Variant) -> str:
        currency: str = self.context["currency"]
        return currency

    def get_attributes(self, variant: Variant) -> list[AttributeValue]:
        structure: Structure = self.context["structure"]
        return structure.attributes(variant.attributes)

    def to_representation(self, variant: Variant) -> dict[str, Any]:
        document: dict[str, Any] = super().to_representation(variant)
        structure: Structure = self.context["structure"]
        media = self._media(variant)
        document["property_sets"] = structure.property_sets(variant.property_sets, media)
        document["media"] = structure.media_paths(media)
        document["qa_status"] = "not_requested"
        return document

    def _media(self, variant: Variant) -> dict[int, list[MediaItem]]:
        found: dict[int, list[MediaItem]] = {}
        for link in variant.media_links.all():
            item = self._media_serializer.to_representation(link)
            found.setdefault(link.property_set_id, []).append(item)
        return found

    @cached_property
    def _media_serializer(self) -> _MediaSerializer:
        """One for all links: making a serializer costs more than using it."""
        return _MediaSerializer()


class _ProductSerializer(serializers.ModelSerializer):  # type: ignore[misc]
    id = serializers.UUIDField(source="uuid")
    category_path = serializers.CharField(source="category.path", default=None)
    tags = serializers.SerializerMethodField()
    collections = serializers.SerializerMethodField()
    created_at = _Moment()
    updated_at = _Moment()
    variants = _VariantSerializer(many=True)

    class Meta:
        model = Product
        fields = (
            "id",
            "name",
            "category_path",
            "tags",
            "collections",
            "created_at",
            "updated_at",
            "variants",
        )

    def get_tags(self, product: Product) -> list[str]:
        return [link.tag.name for link in product.product_tags.all()]

    def get_collections(self, product: Product) -> list[str]:
        return [link.collection.name for link in product.product_collections.all()]


class _Pages(pagination.PageNumberPagination):  # type: ignore[misc]
    page_size_query_param = "per_page"

    def get_paginated_response(self, data: Any) -> Response:
        meta = {
            "page": self.page.number,
            "per_page": self.page.paginator.per_page,
            "total": self.page.paginator.count,
        }
        return Response({"status": "success", "data": data, "meta": meta})


class _Bearer(authentication.BaseAuthentication):  # type: ignore[misc]
    def authenticate(self, request: Request) -> tuple[object, ApiToken] | None:
        token = find_token(request.headers["Authorization"].removeprefix("Bearer "))
        return (token.account, token) if token else None


class ProductList(generics.ListAPIView):  # type: ignore[misc]
    authentication_classes = (_Bearer,)
    permission_classes = ()
    renderer_classes = (renderers.JSONRenderer,)
    pagination_class = _Pages
    serializer_class = _ProductSerializer

    def get_queryset(self) -> QuerySet[Product]:
        media = MediaLink.objects.select_related("asset").order_by("position")
        variants = Variant.objects.order_by("id").prefetch_related(Prefetch("media_links", media))
        tags = ProductTag.objects.select_related("tag").order_by("position")
        collections = ProductCollection.objects.select_related("collection").order_by("position")
        return (
            Product.objects.for_account(self.request.auth.account_id)
            .select_related("category")
            .prefetch_related(
                Prefetch("product_tags", tags),
                Prefetch("product_collections", collections),
                Prefetch("variants", variants),
            )
            .order_by("id")
        )

    def get_serializer_context(self) -> dict[str, Any]:
        account = self.request.auth.account
        return {
            "currency": account.currency,
            "structure": Structure.load(account_id=account.pk),
        }
