"""Shows published evidence; reads nothing else."""
