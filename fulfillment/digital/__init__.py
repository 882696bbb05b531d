"""What was bought and is not sent: handed out once it is paid, and fetched by who has bought it."""
