"""The pages of one place in one edition: summary, questions, places beside each other, residents' groups, charts."""
