create index charges_by_intent on charges (intent);
