"""What is asked and what may be answered: questionnaire versions, the answer scale, background questions."""
