export { default } from './plugin';
export type { EntityTool, Tool, ToolHealth, ToolsApi } from './api';
