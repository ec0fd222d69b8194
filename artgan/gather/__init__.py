"""From the web to a folder of pictures, politely."""
