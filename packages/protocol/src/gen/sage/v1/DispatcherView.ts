// Original file: proto/sage/v1/jobs.proto


export interface DispatcherView {
  'tasks'?: (number);
  'runningTasks'?: (number);
  'services'?: (number);
  'workers'?: (number);
  'running'?: (boolean);
}

export interface DispatcherView__Output {
  'tasks': (number);
  'runningTasks': (number);
  'services': (number);
  'workers': (number);
  'running': (boolean);
}
