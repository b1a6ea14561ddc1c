"""The page of respondents: response rates, their make-up, and their ways of answering."""
