/**
 * The environment variable that names the root of the user's project to a program that runs from its bundle. Set by
 * whoever evaluates a bundle beside its sources, and sent with each job; a daemon refuses variables that begin with SAGE_.
 */
export const projectDirVariable = "PIPELINE_PROJECT_DIR";
