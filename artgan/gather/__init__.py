"""Pictures are gathered: found at a source, downloaded, and told of in a manifest."""
