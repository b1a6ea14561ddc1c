"""The page of who has answered: how many of those asked, how they are made up, and by which way they came."""
