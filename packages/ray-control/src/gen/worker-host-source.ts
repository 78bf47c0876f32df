// The text of worker-host.py, as it travels to the cluster.

export const workerHostSource = "";
