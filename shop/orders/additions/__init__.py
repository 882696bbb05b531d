"""What is offered in the cart besides what lies in it."""
