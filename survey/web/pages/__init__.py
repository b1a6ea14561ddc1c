"""Pages for all: public and error pages, security headers, the page cache, health."""
