"""Idempotency keys: which requests were made under which key, and what they were answered."""

from django.db import models


class IdempotencyKey(models.Model):
    """`digest` names token, method, path and key; `fingerprint` the request's fields and files.

    `status` is null while the first request runs. `body` is null also where the answer must not
    be kept, because it holds a secret.
    """

    token = models.ForeignKey("accounts.ApiToken", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    claimed_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=100, default="")
    body = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token", "digest"], name="idempotency_key_once"),
        ]
        indexes = [models.Index(fields=["claimed_at"], name="idempotency_key_claimed_at")]

    def __str__(self) -> str:
        return self.digest[:12]
