"""Windows."""
import os


class WindowsOrchestrator:
	def __init__(self):
		self.x = os.sep

	def run(self):
		return 'ü'