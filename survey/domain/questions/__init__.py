"""Questionnaire versions, the answer scale and the background questions."""
