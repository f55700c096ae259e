import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type ModelStatic,
  type Sequelize,
} from 'sequelize'

/** One link of an audit chain. The columns beside `body` repeat parts of it for filters. */
export class EventRow extends Model<InferAttributes<EventRow>, InferCreationAttributes<EventRow>> {
  /** The process that wrote it: each has a chain of its own. */
  declare writer: string
  declare sequence: number
  declare at: Date
  declare phase: string
  /** The attempt, the same for all its records. */
  declare id: string
  declare action: string
  declare result: string
  declare personName: CreationOptional<string | null>
  declare sessionId: CreationOptional<string | null>
  declare cluster: CreationOptional<string | null>
  declare namespace: CreationOptional<string | null>
  declare resource: CreationOptional<string | null>
  declare verb: CreationOptional<string | null>
  /** The canonical JSON that is hashed. */
  declare body: string
  declare previousHash: string
  declare hash: string
}

export function defineEvents(sequelize: Sequelize): ModelStatic<EventRow> {
  return class extends EventRow {}.init(
    {
      writer: { type: DataTypes.STRING(64), primaryKey: true },
      sequence: { type: DataTypes.BIGINT, primaryKey: true },
      at: { type: DataTypes.DATE, allowNull: false },
      phase: { type: DataTypes.STRING(16), allowNull: false },
      id: { type: DataTypes.STRING(64), allowNull: false },
      action: { type: DataTypes.TEXT, allowNull: false },
      result: { type: DataTypes.STRING(16), allowNull: false },
      personName: { type: DataTypes.TEXT, allowNull: true, defaultValue: null },
      sessionId: { type: DataTypes.TEXT, allowNull: true, defaultValue: null },
      cluster: { type: DataTypes.TEXT, allowNull: true, defaultValue: null },
      namespace: { type: DataTypes.TEXT, allowNull: true, defaultValue: null },
      resource: { type: DataTypes.TEXT, allowNull: true, defaultValue: null },
      verb: { type: DataTypes.TEXT, allowNull: true, defaultValue: null },
      body: { type: DataTypes.TEXT, allowNull: false },
      previousHash: { type: DataTypes.STRING(64), allowNull: false },
      hash: { type: DataTypes.STRING(64), allowNull: false },
    },
    { sequelize, modelName: 'EventRow', tableName: 'events', timestamps: false },
  )
}
