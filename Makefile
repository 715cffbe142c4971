# Each target is `python3 tasks.py TARGET`; without make, type that.
TASKS = demo test check lint fix lab mock contract docs bench
.PHONY: help $(TASKS)

help:
	@python3 tasks.py

$(TASKS):
	@python3 tasks.py $@ $(ARGS)
