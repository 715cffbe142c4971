"""Who carries deliveries to webhooks, and posts them on this machine."""
