"""RabbitMQ, where it carries the queue: the broker, the account, the virtual host, and a message's way."""
