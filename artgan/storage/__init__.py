"""What was learnt is kept, published, fetched and opened again."""
