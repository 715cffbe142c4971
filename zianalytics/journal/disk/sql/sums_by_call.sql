-- What the requests of a call have reserved is summed whenever one more is written down: from the index alone, or a call
-- of a thousand requests reads all of them a thousand times.
drop index intents_by_call;
create index intents_by_call on intents (call, credits, records, requests);
