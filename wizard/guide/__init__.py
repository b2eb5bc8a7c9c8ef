"""What both faces tell: the flow of steps, status, summaries, the diagram and reports. No Qt."""
