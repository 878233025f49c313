"""What is where: shapes in the box and the faces around it."""
