"""What companies show: intent, news, scoops, technologies and hashtags."""
