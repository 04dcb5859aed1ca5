"""What a browser may send: Flask-WTF fields and checks of shape. Rules live in services."""
