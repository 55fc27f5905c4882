"""The teacher's side: classes, their codes, their progress, their files."""
