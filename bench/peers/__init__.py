"""What the bot is measured beside: three programs that answer `/ivig` with the card in the file BENCH_CARD."""
