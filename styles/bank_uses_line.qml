<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.40.6-Bratislava" styleCategories="Symbology">
 <renderer-v2 enableorderby="0" symbollevels="0" referencescale="-1" attr="use" type="categorizedSymbol" forceraster="0">
  <categories>
   <category symbol="0" render="true" value="wharf" uuid="{e0b196f3-b007-4df9-9d1d-ce83b9eb5f13}" label="码头" type="string"/>
   <category symbol="1" render="true" value="storage" uuid="{639223d5-44b6-43c6-9cd4-8b3fe9f33228}" label="仓储" type="string"/>
   <category symbol="2" render="true" value="industry" uuid="{13405838-5f07-4b60-938b-83352b3340f3}" label="工业" type="string"/>
   <category symbol="3" render="true" value="urban" uuid="{6f6c3c2a-2c76-4f99-9d14-dbb97da5fd9c}" label="城镇生活" type="string"/>
   <category symbol="4" render="true" value="restored" uuid="{275896f9-e2b4-4f35-8391-c233dce703ba}" label="已修复" type="string"/>
   <category symbol="5" render="true" value="farmland" uuid="{9d67c151-2fea-452e-a56a-a4e6539ed7ed}" label="农业" type="string"/>
   <category symbol="6" render="true" value="natural" uuid="{ecf301ee-bb20-423c-8915-b53dd73570bf}" label="自然" type="string"/>
   <category symbol="7" render="true" value="unstated" uuid="{098a3362-2fbd-4830-9de6-c42931d4c43b}" label="未填" type="string"/>
   <category symbol="8" render="true" value="" uuid="{93cc3f5f-972f-412e-b493-f14d033431a2}" label="未计入" type="string"/>
  </categories>
  <symbols>
   <symbol clip_to_extent="1" frame_rate="10" is_animated="0" type="line" name="0" force_rhr="0" alpha="1">
    <layer enabled="1" pass="0" id="{802f06e7-8b50-48fc-808d-245e19377955}" class="SimpleLine" locked="0">
     <Option type="Map">
      <Option value="flat" type="QString" name="capstyle"/>
      <Option value="5;2" type="QString" name="customdash"/>
      <Option value="MM" type="QString" name="customdash_unit"/>
      <Option value="bevel" type="QString" name="joinstyle"/>
      <Option value="255,255,255,255,rgb:1,1,1,1" type="QString" name="line_color"/>
      <Option value="solid" type="QString" name="line_style"/>
      <Option value="1.9" type="QString" name="line_width"/>
      <Option value="MM" type="QString" name="line_width_unit"/>
      <Option value="0" type="QString" name="use_custom_dash"/>
     </Option>
    </layer>
    <layer enabled="1" pass="0" id="{13eca8ba-82f5-4c8e-95ce-6128fdcd2c51}" class="SimpleLine" locked="0">
     <Option type="Map">
      <Option value="flat" type="QString" name="capstyle"/>
      <Option value="5;2" type="QString" name="customdash"/>
      <Option value="MM" type="QString" name="customdash_unit"/>
      <Option value="bevel" type="QString" name="joinstyle"/>
      <Option value="123,63,152,255,rgb:0.4823529411764706,0.24705882352941178,0.59607843137254901,1" type="QString" name="line_color"/>
      <Option value="solid" type="QString" name="line_style"/>
      <Option value="1.4" type="QString" name="line_width"/>
      <Option value="MM" type="QString" name="line_width_unit"/>
      <Option value="0" type="QString" name="use_custom_dash"/>
     </Option>
    </layer>
   </symbol>
   <symbol clip_to_extent="1" frame_rate="10" is_animated="0" type="line" name="1" force_rhr="0" alpha="1">
    <layer enabled="1" pass="0" id="{1ecac1db-311e-476b-8a91-4b3e762e3fd8}" class="SimpleLine" locked="0">
     <Option type="Map">
      <Option value="flat" type="QString" name="capstyle"/>
      <Option value="5;2" type="QString" name="customdash"/>
      <Option value="MM" type="QString" name="customdash_unit"/>
      <Option value="bevel" type="QString" name="joinstyle"/>
      <Option value="255,255,255,255,rgb:1,1,1,1" type="QString" name="line_color"/>
      <Option value="solid" type="QString" name="line_style"/>
      <Option value="1.9" type="QString" name="line_width"/>
      <Option value="MM" type="QString" name="line_width_unit"/>
      <Option value="0" type="QString" name="use_custom_dash"/>
     </Option>
    </layer>
    <layer enabled="1" pass="0" id="{fc14d26b-1d4d-43a1-a084-cc7a005ce35e}" class="SimpleLine" locked="0">
     <Option type="Map">
      <Option value="flat" type="QString" name="capstyle"/>
      <Option value="5;2" type="QString" name="customdash"/>
      <Option value="MM" type="QString" name="customdash_unit"/>
      <Option value="bevel" type="QString" name="joinstyle"/>
      <Option value="176,124,198,255,rgb:0.69019607843137254,0.48627450980392156,0.77647058823529413,1" type="QString" name="line_color"/>
      <Option value="solid" type="QString" name="line_style"/>
      <Option value="1.4" type="QString" name="line_width"/>
      <Option value="MM" type="QString" name="line_width_unit"/>
      <Option value="0" type="QString" name="use_custom_dash"/>
     </Option>
    </layer>
   </symbol>
   <symbol clip_to_extent="1" frame_rate="10" is_animated="0" type="line" name="2" force_rhr="0" alpha="1">
    <layer enabled="1" pass="0" id="{0cdca5d1-1e1b-42fa-ae86-8b542d9a06e3}" class="SimpleLine" locked="0">
     <Option type="Map">
      <Option value="flat" type="QString" name="capstyle"/>
      <Option value="5;2" type="QString" name="customdash"/>
      <Option value="MM" type="QString" name="customdash_unit"/>
      <Option value="bevel" type="QString" name="joinstyle"/>
      <Option value="255,255,255,255,rgb:1,1,1,1" type="QString" name="line_color"/>
      <Option value="solid" type="QString" name="line_style"/>
      <Option value="1.9" type="QString" name="line_width"/>
      <Option value="MM" type="QString" name="line_width_unit"/>
      <Option value="0" type="QString" name="use_custom_dash"/>
     </Option>
    </layer>
    <layer enabled="1" pass="0" id="{d4c43a97-b190-4bb6-b202-3f35ef97f3fd}" class="SimpleLine" locked="0">
     <Option type="Map">
      <Option value="flat" type="QString" name="capstyle"/>
      <Option value="5;2" type="QString" name="customdash"/>
      <Option value="MM" type="QString" name="customdash_unit"/>
      <Option value="bevel" type="QString" name="joinstyle"/>
      <Option value="140,109,70,255,rgb:0.5490196078431373,0.42745098039215684,0.27450980392156865,1" type="QString" name="line_color"/>
      <Option value="solid" type="QString" name="line_style"/>
      <Option value="1.4" type="QString" name="line_width"/>
      <Option value="MM" type="QString" name="line_width_unit"/>
      <Option value="0" type="QString" name="use_custom_dash"/>
     </Option>
    </layer>
   </symbol>
   <symbol clip_to_extent="1" frame_rate="10" is_animated="0" type="line" name="3" force_rhr="0" alpha="1">
    <layer enabled="1" pass="0" id="{f4b2f8b8-43d9-46d8-870b-d7d9828593bb}" class="SimpleLine" locked="0">
     <Option type="Map">
      <Option value="flat" type="QString" name="capstyle"/>
      <Option value="5;2" type="QString" name="customdash"/>
      <Option value="MM" type="QString" name="customdash_unit"/>
      <Option value="bevel" type="QString" name="joinstyle"/>
      <Option value="255,255,255,255,rgb:1,1,1,1" type="QString" name="line_color"/>
      <Option value="solid" type="QString" name="line_style"/>
      <Option value="1.9" type="QString" name="line_width"/>
      <Option value="MM" type="QString" name="line_width_unit"/>
      <Option value="0" type="QString" name="use_custom_dash"/>
     </Option>
    </layer>
    <layer enabled="1" pass="0" id="{0feee0a3-51a9-45eb-b025-d14df02e0ff7}" class="SimpleLine" locked="0">
     <Option type="Map">
      <Option value="flat" type="QString" name="capstyle"/>
      <Option value="5;2" type="QString" name="customdash"/>
      <Option value="MM" type="QString" name="customdash_unit"/>
      <Option value="bevel" type="QString" name="joinstyle"/>
      <Option value="217,137,106,255,rgb:0.85098039215686272,0.53725490196078429,0.41568627450980394,1" type="QString" name="line_color"/>
      <Option value="solid" type="QString" name="line_style"/>
      <Option value="1.4" type="QString" name="line_width"/>
      <Option value="MM" type="QString" name="line_width_unit"/>
      <Option value="0" type="QString" name="use_custom_dash"/>
     </Option>
    </layer>
   </symbol>
   <symbol clip_to_extent="1" frame_rate="10" is_animated="0" type="line" name="4" force_rhr="0" alpha="1">
    <layer enabled="1" pass="0" id="{a4f2b86e-3301-4011-9c42-cada532fec69}" class="SimpleLine" locked="0">
     <Option type="Map">
      <Option value="flat" type="QString" name="capstyle"/>
      <Option value="5;2" type="QString" name="customdash"/>
      <Option value="MM" type="QString" name="customdash_unit"/>
      <Option value="bevel" type="QString" name="joinstyle"/>
      <Option value="255,255,255,255,rgb:1,1,1,1" type="QString" name="line_color"/>
      <Option value="solid" type="QString" name="line_style"/>
      <Option value="1.9" type="QString" name="line_width"/>
      <Option value="MM" type="QString" name="line_width_unit"/>
      <Option value="0" type="QString" name="use_custom_dash"/>
     </Option>
    </layer>
    <layer enabled="1" pass="0" id="{bb9ab1f4-bc67-458f-a26b-0daf7139ecb2}" class="SimpleLine" locked="0">
     <Option type="Map">
      <Option value="flat" type="QString" name="capstyle"/>
      <Option value="5;2" type="QString" name="customdash"/>
      <Option value="MM" type="QString" name="customdash_unit"/>
      <Option value="bevel" type="QString" name="joinstyle"/>
      <Option value="79,157,105,255,rgb:0.30980392156862746,0.61568627450980395,0.41176470588235292,1" type="QString" name="line_color"/>
      <Option value="solid" type="QString" name="line_style"/>
      <Option value="1.4" type="QString" name="line_width"/>
      <Option value="MM" type="QString" name="line_width_unit"/>
      <Option value="0" type="QString" name="use_custom_dash"/>
     </Option>
    </layer>
   </symbol>
   <symbol clip_to_extent="1" frame_rate="10" is_animated="0" type="line" name="5" force_rhr="0" alpha="1">
    <layer enabled="1" pass="0" id="{0a2c67a2-8b5f-4b8d-b6ee-70e93549b663}" class="SimpleLine" locked="0">
     <Option type="Map">
      <Option value="flat" type="QString" name="capstyle"/>
      <Option value="5;2" type="QString" name="customdash"/>
      <Option value="MM" type="QString" name="customdash_unit"/>
      <Option value="bevel" type="QString" name="joinstyle"/>
      <Option value="255,255,255,255,rgb:1,1,1,1" type="QString" name="line_color"/>
      <Option value="solid" type="QString" name="line_style"/>
      <Option value="1.9" type="QString" name="line_width"/>
      <Option value="MM" type="QString" name="line_width_unit"/>
      <Option value="0" type="QString" name="use_custom_dash"/>
     </Option>
    </layer>
    <layer enabled="1" pass="0" id="{ff5fba2c-8632-4a56-88a1-a7543c39b26a}" class="SimpleLine" locked="0">
     <Option type="Map">
      <Option value="flat" type="QString" name="capstyle"/>
      <Option value="5;2" type="QString" name="customdash"/>
      <Option value="MM" type="QString" name="customdash_unit"/>
      <Option value="bevel" type="QString" name="joinstyle"/>
      <Option value="216,196,106,255,rgb:0.84705882352941175,0.7686274509803922,0.41568627450980394,1" type="QString" name="line_color"/>
      <Option value="solid" type="QString" name="line_style"/>
      <Option value="1.4" type="QString" name="line_width"/>
      <Option value="MM" type="QString" name="line_width_unit"/>
      <Option value="0" type="QString" name="use_custom_dash"/>
     </Option>
    </layer>
   </symbol>
   <symbol clip_to_extent="1" frame_rate="10" is_animated="0" type="line" name="6" force_rhr="0" alpha="1">
    <layer enabled="1" pass="0" id="{7c00df01-4d0d-4e55-8d3e-e5208a609897}" class="SimpleLine" locked="0">
     <Option type="Map">
      <Option value="flat" type="QString" name="capstyle"/>
      <Option value="5;2" type="QString" name="customdash"/>
      <Option value="MM" type="QString" name="customdash_unit"/>
      <Option value="bevel" type="QString" name="joinstyle"/>
      <Option value="255,255,255,255,rgb:1,1,1,1" type="QString" name="line_color"/>
      <Option value="solid" type="QString" name="line_style"/>
      <Option value="1.9" type="QString" name="line_width"/>
      <Option value="MM" type="QString" name="line_width_unit"/>
      <Option value="0" type="QString" name="use_custom_dash"/>
     </Option>
    </layer>
    <layer enabled="1" pass="0" id="{1db644ab-bb9e-4592-8828-eaeb9fe94935}" class="SimpleLine" locked="0">
     <Option type="Map">
      <Option value="flat" type="QString" name="capstyle"/>
      <Option value="5;2" type="QString" name="customdash"/>
      <Option value="MM" type="QString" name="customdash_unit"/>
      <Option value="bevel" type="QString" name="joinstyle"/>
      <Option value="156,207,154,255,rgb:0.61176470588235299,0.81176470588235294,0.60392156862745094,1" type="QString" name="line_color"/>
      <Option value="solid" type="QString" name="line_style"/>
      <Option value="1.4" type="QString" name="line_width"/>
      <Option value="MM" type="QString" name="line_width_unit"/>
      <Option value="0" type="QString" name="use_custom_dash"/>
     </Option>
    </layer>
   </symbol>
   <symbol clip_to_extent="1" frame_rate="10" is_animated="0" type="line" name="7" force_rhr="0" alpha="1">
    <layer enabled="1" pass="0" id="{9b270d3e-cd26-4043-ad39-3f9dc9fccfea}" class="SimpleLine" locked="0">
     <Option type="Map">
      <Option value="flat" type="QString" name="capstyle"/>
      <Option value="5;2" type="QString" name="customdash"/>
      <Option value="MM" type="QString" name="customdash_unit"/>
      <Option value="bevel" type="QString" name="joinstyle"/>
      <Option value="255,255,255,255,rgb:1,1,1,1" type="QString" name="line_color"/>
      <Option value="solid" type="QString" name="line_style"/>
      <Option value="1.9" type="QString" name="line_width"/>
      <Option value="MM" type="QString" name="line_width_unit"/>
      <Option value="0" type="QString" name="use_custom_dash"/>
     </Option>
    </layer>
    <layer enabled="1" pass="0" id="{7256799b-c2c7-4ae6-a37b-9ffab9debeb9}" class="SimpleLine" locked="0">
     <Option type="Map">
      <Option value="flat" type="QString" name="capstyle"/>
      <Option value="5;2" type="QString" name="customdash"/>
      <Option value="MM" type="QString" name="customdash_unit"/>
      <Option value="bevel" type="QString" name="joinstyle"/>
      <Option value="217,217,217,255,rgb:0.85098039215686272,0.85098039215686272,0.85098039215686272,1" type="QString" name="line_color"/>
      <Option value="solid" type="QString" name="line_style"/>
      <Option value="1.4" type="QString" name="line_width"/>
      <Option value="MM" type="QString" name="line_width_unit"/>
      <Option value="0" type="QString" name="use_custom_dash"/>
     </Option>
    </layer>
   </symbol>
   <symbol clip_to_extent="1" frame_rate="10" is_animated="0" type="line" name="8" force_rhr="0" alpha="1">
    <layer enabled="1" pass="0" id="{3b96bd8d-3cde-4e26-ab51-2e998e46d6d0}" class="SimpleLine" locked="0">
     <Option type="Map">
      <Option value="flat" type="QString" name="capstyle"/>
      <Option value="2;1.4" type="QString" name="customdash"/>
      <Option value="MM" type="QString" name="customdash_unit"/>
      <Option value="bevel" type="QString" name="joinstyle"/>
      <Option value="144,164,174,255,rgb:0.56470588235294117,0.64313725490196083,0.68235294117647061,1" type="QString" name="line_color"/>
      <Option value="solid" type="QString" name="line_style"/>
      <Option value="0.5" type="QString" name="line_width"/>
      <Option value="MM" type="QString" name="line_width_unit"/>
      <Option value="1" type="QString" name="use_custom_dash"/>
     </Option>
    </layer>
   </symbol>
  </symbols>
  <rotation/>
  <sizescale/>
  <data-defined-properties>
   <Option type="Map">
    <Option name="properties"/>
   </Option>
  </data-defined-properties>
 </renderer-v2>
 <selection mode="Default">
  <selectionColor invalid="1"/>
 </selection>
 <blendMode>0</blendMode>
 <featureBlendMode>0</featureBlendMode>
 <layerGeometryType>1</layerGeometryType>
</qgis>
