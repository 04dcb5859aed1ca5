"""Pages: read the request, call one service, render one template. One blueprint a file."""
