/** How a file system is made on a disk that holds hardly more than the root, and how it is mounted. */
export type FileSystem = {
  readonly type: string;
  readonly make: readonly [program: string, ...words: string[]];
  readonly options: readonly string[];
  readonly size: number;
};

const EXT4 = { type: 'ext4', make: ['mkfs.ext4', '-q'], size: 48 << 20 } as const;

/** Those on which the power is cut. The sizes are the smallest that each of them is made with; the images have holes. */
export const FILE_SYSTEMS = {
  ext4: { ...EXT4, options: ['data=ordered'] },
  // Names may reach the disk before the content that they lead to.
  writeback: { ...EXT4, options: ['data=writeback'] },
  xfs: { type: 'xfs', make: ['mkfs.xfs', '-q'], size: 300 << 20, options: [] },
  btrfs: { type: 'btrfs', make: ['mkfs.btrfs', '-q'], size: 112 << 20, options: [] },
} as const satisfies Readonly<Record<string, FileSystem>>;

export type FileSystemName = keyof typeof FILE_SYSTEMS;
