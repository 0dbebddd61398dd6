"""Where this part of the room hooks into those below: uploads, edits and their follow-ups."""


def register() -> None:
    """Called when the application starts."""
    from bulk_uploads import added_options, ending, foretelling
    from catalog.undoing import remarks
    from catalog.writing import listening
    from imagery.batches import options as batch_options
    from imagery.engine.events import on_image_saved
    from imagery.following import edits, removals, upload_options, uploads
    from imagery.following.foretelling import ImageForeteller
    from imagery.image_sets import swatch_grids
    from imagery.planning import pilots
    from jobs import followups

    added_options.register(upload_options.RECIPE)
    added_options.register(upload_options.PILOT)
    added_options.register(batch_options.VARIANTS)
    added_options.register(batch_options.IMAGE_CAP)
    foretelling.register(ImageForeteller())
    ending.on_end(uploads.after_upload)
    on_image_saved(swatch_grids.images_saved)
    listening.register(edits.note_change)
    remarks.register(removals.foretell_stop)
    followups.register(edits.CHANGED, edits.after_change)
    followups.register(pilots.BEGUN, pilots.after_request)
    followups.register(pilots.DECIDED, pilots.after_decision)
    followups.register(pilots.REPLANNED, pilots.after_change)
