"""What an account without a fact has: nought where that is known, and else nothing."""

# Without a signal or a round these are nought; every other feature is then unknown.
NOUGHT = {
    "intent_signals_90d": 0, "intent_topics_90d": 0, "intent_topics_30d": 0, "intent_best_score_90d": 0,
    "intent_strength_90d": 0.0, "intent_freshness": 0.0, "intent_trend": 0.0,
}  # fmt: skip
NOUGHT_WHERE_KNOWN = {"is_recently_funded": False, "funding_usd": 0}
