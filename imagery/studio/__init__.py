"""The built-in renderer: pictures made of pictures by plain computation, free and repeatable.

Nothing here asks a model, a network or a database. Modules that import OpenCV are imported when a
picture is made, not when the application starts.
"""
