export { default } from './plugin';
export { toolsApiRef } from './api';
export type { EntityTool, Tool, ToolHealth, ToolsApi } from './api';
