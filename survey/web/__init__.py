"""The parts that all pages share: languages, plain pages, safety, sign-in, the staff's pages."""
