"""Corrections, retries and fixes: what an upload is to its parent, which rows it has settled."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def name_the_imports_of_dry_runs(apps: Any, schema_editor: Any) -> None:
    """The only children there could be until now."""
    uploads = apps.get_model("bulk_uploads", "BulkUpload").objects
    uploads.filter(parent__isnull=False).update(relation="run")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("bulk_uploads", "0002_saved_mappings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="bulkupload",
            name="relation",
            field=models.CharField(
                blank=True,
                choices=[
                    ("run", "Import of a dry run"),
                    ("correction", "Correction"),
                    ("retry", "Retry"),
                    ("fix", "Fix"),
                ],
                default="",
                help_text="What it is to its parent.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="bulkupload",
            name="root",
            field=models.ForeignKey(
                blank=True,
                help_text="Where the rows that it corrects or retries were first read.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="line",
                to="bulk_uploads.bulkupload",
            ),
        ),
        migrations.RunPython(name_the_imports_of_dry_runs, migrations.RunPython.noop),
        migrations.CreateModel(
            name="RowOrigin",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "upload_id",
                        "row",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("row", models.PositiveIntegerField()),
                ("root_row", models.PositiveIntegerField()),
                (
                    "upload",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="row_origins",
                        to="bulk_uploads.bulkupload",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RowCorrection",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "upload_id",
                        "row",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("row", models.PositiveIntegerField()),
                (
                    "corrected_row",
                    models.PositiveIntegerField(help_text="The row's number in that upload."),
                ),
                (
                    "corrected_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrected_rows",
                        to="bulk_uploads.bulkupload",
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="bulk_uploads.bulkupload",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="bulkupload",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("relation", "retry"),
                    models.Q(("status__in", ["failure", "success"]), _negated=True),
                ),
                fields=("parent",),
                name="one_retry_at_a_time_per_upload",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulkupload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("parent", None), ("relation", "")),
                    models.Q(
                        ("parent__isnull", False),
                        ("relation__in", ["run", "correction", "retry", "fix"]),
                    ),
                    _connector="OR",
                ),
                name="bulkupload_related_to_its_parent",
            ),
        ),
    ]
