import {
  DataTypes,
  Model,
  type InferAttributes,
  type InferCreationAttributes,
  type ModelStatic,
  type Sequelize,
} from 'sequelize'

/** A signature over an audit chain up to one of its records. */
export class Checkpoint extends Model<
  InferAttributes<Checkpoint>,
  InferCreationAttributes<Checkpoint>
> {
  declare writer: string
  declare sequence: number
  declare at: Date
  declare hash: string
  declare signature: string
  /** Which audit key signed it. */
  declare keyId: string
}

export function defineCheckpoints(sequelize: Sequelize): ModelStatic<Checkpoint> {
  return class extends Checkpoint {}.init(
    {
      writer: { type: DataTypes.STRING(64), primaryKey: true },
      sequence: { type: DataTypes.BIGINT, primaryKey: true },
      at: { type: DataTypes.DATE, allowNull: false },
      hash: { type: DataTypes.STRING(64), allowNull: false },
      signature: { type: DataTypes.TEXT, allowNull: false },
      keyId: { type: DataTypes.STRING(64), allowNull: false },
    },
    { sequelize, modelName: 'Checkpoint', tableName: 'checkpoints', timestamps: false },
  )
}
