"""Getting wanted images made: calls sent side by side, their ends borne, ladders walked."""
