"""Pages of accounts, organisations and API keys, over the actions of kernel.accounts."""
