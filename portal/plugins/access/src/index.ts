export { default } from './plugin';
export { accessApiRef } from './api';
export type { AccessApi, AccessRequest, Approval } from './api';
export { approvalsRouteRef, requestsRouteRef } from './routes';
