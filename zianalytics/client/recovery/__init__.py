"""What was left without an end: asked again, judged by the service's count, or fetched anew."""
