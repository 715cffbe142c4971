"""What happens to companies and people: intent, news, scoops, deals, and changes of their records."""
