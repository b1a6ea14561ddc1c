"""The seal: answers lie as ciphertext until their round is over, are opened in a crowd, and only counts
remain.
"""
