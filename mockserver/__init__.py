"""A local ZoomInfo: recorded Postman responses, and a world behind them."""
