export * from './api';
export * from './blueprints';
export * from './components';
export * from './live';
