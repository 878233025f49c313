"""What a case file may say of each kind of picture; imports nothing that draws."""
