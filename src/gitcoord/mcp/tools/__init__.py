"""The tools, a module for each subject; `gitcoord.mcp.table` lists them."""
