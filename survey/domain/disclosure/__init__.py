"""Disclosure control: noise, protection levels, pooling and rounding of counts."""
