"""Everything that is neither portal: the room, the rules, the web manners both share."""
