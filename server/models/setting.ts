import {
  DataTypes,
  Model,
  type InferAttributes,
  type InferCreationAttributes,
  type ModelStatic,
  type Sequelize,
} from 'sequelize'

/** One small fact the gateway keeps about itself. */
export class Setting extends Model<InferAttributes<Setting>, InferCreationAttributes<Setting>> {
  declare key: string
  declare value: string
}

export function defineSettings(sequelize: Sequelize): ModelStatic<Setting> {
  return class extends Setting {}.init(
    {
      key: { type: DataTypes.STRING(128), primaryKey: true },
      value: { type: DataTypes.TEXT, allowNull: false },
    },
    { sequelize, modelName: 'Setting', tableName: 'settings', timestamps: false },
  )
}
