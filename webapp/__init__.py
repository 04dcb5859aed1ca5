"""The web application: pages, forms, storage, people. `webapp.app.create_app` puts it together."""
